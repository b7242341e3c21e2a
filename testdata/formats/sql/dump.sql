INSERT INTO person (id,name,niss) VALUES (1,'Dupont','85073003328');
INSERT INTO person (id,name,niss) VALUES (2,'Durand','85.07.30-033.28');
INSERT INTO person (id,name,niss) VALUES (3,'Peeters','');
