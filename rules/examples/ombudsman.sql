-- What the ombudsman's decisions ask beside the tables of rules/lib/homecare.sql.

ALTER TABLE visits ADD COLUMN charged_minutes INTEGER;   -- what the person was charged for
ALTER TABLE visits ADD COLUMN agreed_start TEXT;         -- the time that the person was told
ALTER TABLE care_logs ADD COLUMN written_at TEXT;        -- moment at which the record was made
ALTER TABLE provisions ADD COLUMN assessed_minutes INTEGER; -- the week that was assessed as needed

-- What was billed for a provision and a week.
CREATE TABLE invoices (
	invoice_ref    TEXT PRIMARY KEY NOT NULL,
	provision_ref  TEXT REFERENCES provisions,
	week_start     TEXT,
	minutes        INTEGER,
	rate           REAL,
	amount         REAL
);

-- Hours commissioned as they changed.
CREATE TABLE changes (
	change_ref     TEXT PRIMARY KEY NOT NULL,
	provision_ref  TEXT REFERENCES provisions,
	changed_on     TEXT,                -- first day of the new hours
	weekly_minutes INTEGER
);
