--
-- PostgreSQL database dump
--
\restrict abc

SET standard_conforming_strings = on;

CREATE FUNCTION public.f() RETURNS trigger AS $body$
BEGIN
  old.x := 1; x; y; z;
  RETURN NEW;
END;
$body$ LANGUAGE plpgsql;

CREATE TABLE public.personen (
    id integer NOT NULL,
    naam text,
    rijksregisternummer character(11)
);

COPY public.personen (id, naam, rijksregisternummer, "Memo") FROM stdin;
0	Lefèvre\tAnne	85073097754	line one\nC:\\temp
1	D'Hondt\tJan	62010198107	line one\nC:\\temp
2	Müller\tGreta	04022997825	line one\nC:\\temp
9	\N	\N	
\.

SELECT pg_catalog.setval('public.s', 9, true);

INSERT INTO public.personen VALUES (10, 'C:\', '70070798335'::bpchar);
INSERT INTO public.personen (id, naam) VALUES (11, E'it\'s');
