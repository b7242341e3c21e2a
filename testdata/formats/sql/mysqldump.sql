-- MySQL dump 10.13  Distrib 8.0.36
/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS `clients`;
CREATE TABLE `clients` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `nom` varchar(50) DEFAULT 'a,b(',
  `prenom` varchar(50),
  `niss` char(11) COMMENT 'numéro',
  `naissance` date,
  `rue` text,
  PRIMARY KEY (`id`),
  KEY `k` (`nom`,`prenom`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `clients` WRITE;
INSERT INTO `clients` VALUES (1,'Lefèvre','Anne','85073097754','1985-07-30','Rue Haute 12\nBruxelles'),(2,'D\'Hondt','Jan','62010198107','1962-01-01','Kerkstraat 5, bus 2\nGent'),(3,'Müller','Greta','04022997825','2004-02-29','Hauptstraße 8\nEupen');
INSERT INTO `clients` VALUES (4,NULL,'C:\\',_binary 'a\'b',NULL,0x5275652043616368c3a9652033),(5,'','',X'00FF',-1.5e3,"two "" three");
UNLOCK TABLES;
-- Dump completed: 91050597941
