REM INSERTING into HR.EMP
SET DEFINE OFF;
Insert into HR.EMP (EMPNO,ENAME,NRN,HIRED) values (0,'Lefèvre','85073097754',to_date('1985-07-30','YYYY-MM-DD'));
Insert into HR.EMP (EMPNO,ENAME,NRN,HIRED) values (1,'D''Hondt','62010198107',to_date('1962-01-01','YYYY-MM-DD'));
Insert into HR.EMP (EMPNO,ENAME,NRN,HIRED) values (2,'Müller','04022997825',to_date('2004-02-29','YYYY-MM-DD'));
