CREATE TABLE a (x int, nom text);
CREATE TABLE IF NOT EXISTS s.b (y int, email text);
INSERT INTO a VALUES (1,'un');INSERT INTO b VALUES (2,'deux@example.org');
REPLACE INTO a VALUES (3,'trois')
ON DUPLICATE KEY UPDATE x = 3;
INSERT INTO a VALUES (4,'quatre');
UPDATE a SET nom = 'cinq' WHERE x = 4;
