PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE contact(id INTEGER PRIMARY KEY, "full name" TEXT, nrn TEXT, CHECK (id > 0));
INSERT INTO contact VALUES(0,'Anne Lefèvre
second line; (x)','85073097754');
INSERT INTO contact VALUES(1,'Jan D''Hondt
second line; (x)','62010198107');
INSERT INTO contact VALUES(2,'Greta Müller
second line; (x)','04022997825');
INSERT INTO "other" VALUES(1);
INSERT INTO contact VALUES(9,replace(replace('one\ntwo','\n',char(10)),'\r',char(13)),'77123198577');
COMMIT;
