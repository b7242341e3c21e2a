-- dump
CREATE TABLE clients (id INT, nom VARCHAR(80), numero_national CHAR(11),
  email VARCHAR(80), telephone VARCHAR(20));
INSERT INTO clients (id, nom, numero_national, email, telephone) VALUES

(1, 'Vanbrabant', '85071497650', 'amelie.vanbrabant@example.org', '+32470891514'),
(2, 'Dethier', '58030297906', 'jeanluc.dethier@mail.example', '+32471703693'),
(3, 'Verstraeten', '74013098366', 'koen.verstraeten@mail.example', '+32473617853'),
(4, 'Claeys', '09030397844', 'sofie.claeys@example.org', '+32472507510'),
(5, 'Claeys', '79122498142', 'wout.claeys@mail.example', '+32473871707'),
(6, 'Tesfay', '01221199543', 'yonas.tesfay@mail.example', '+32479665529'),
(7, 'Hoffmann', '71091397988', 'gunther.hoffmann@mail.example', '+32473216120');
