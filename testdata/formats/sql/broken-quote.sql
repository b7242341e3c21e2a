INSERT INTO t (a, b) VALUES (1, 'never closed);
INSERT INTO t (a, b) VALUES (2, 'fine');
INSERT INTO t (a, b) VALUES (3, 'short';
-- remark 85073097754
INSERT INTO t (a, b) VALUES (4, 'ok'), -- why
/* also
this */ (5, 'last');
INSERT INTO t SELECT * FROM u;
INSERT INTO t (a, b) VALUES (6, 'cut