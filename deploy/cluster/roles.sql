-- Run by the first start of PostgreSQL, as its administrator. psql reads the passwords from the secrets.
\set writer `cat /run/secrets/postgres_writer`
\set reader `cat /run/secrets/postgres_reader`
CREATE ROLE writer LOGIN PASSWORD :'writer';
CREATE ROLE reader LOGIN PASSWORD :'reader' CONNECTION LIMIT 60;
CREATE DATABASE rumortrail OWNER writer;
REVOKE ALL ON DATABASE rumortrail FROM PUBLIC;
GRANT CONNECT ON DATABASE rumortrail TO reader;
\connect rumortrail
-- The dashboard reads what the night writes, in this schema alone, and makes nothing.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO reader;
ALTER DEFAULT PRIVILEGES FOR ROLE writer IN SCHEMA public GRANT SELECT ON TABLES TO reader;
-- Nor does it take the lock of the one writer.
SELECT format('REVOKE EXECUTE ON FUNCTION %1$s FROM PUBLIC', oid::regprocedure),
       format('GRANT EXECUTE ON FUNCTION %1$s TO writer', oid::regprocedure)
FROM pg_proc WHERE proname ~ '^pg_(try_)?advisory_' \gexec
