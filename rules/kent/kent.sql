-- What rules/kent reads beyond lib/homecare.sql; apply it after that. The kinds of columns are the
-- same: dates 'YYYY-MM-DD', clock times 'HH:MM', moments 'YYYY-MM-DD HH:MM:SS', minutes INTEGER,
-- money in pounds.

ALTER TABLE providers ADD COLUMN on_portal TEXT;          -- registered on the Business Portal: yes, no
ALTER TABLE providers ADD COLUMN monitored TEXT;          -- uses electronic call monitoring: yes, no
ALTER TABLE clients ADD COLUMN born TEXT;                 -- date
ALTER TABLE provisions ADD COLUMN appointment_ref TEXT;   -- the appointment under which it was placed
ALTER TABLE provisions ADD COLUMN scheme TEXT;            -- home_care, supporting_independence, discharge_to_assess, extra_care_planned, supported_living
ALTER TABLE provisions ADD COLUMN support TEXT;           -- standard, complex
ALTER TABLE provisions ADD COLUMN complex_reason TEXT;    -- why support is complex, NULL where nothing is recorded
ALTER TABLE provisions ADD COLUMN envelope TEXT;          -- none, weekly, monthly
ALTER TABLE provisions ADD COLUMN monthly_minutes INTEGER;-- hours of a monthly envelope
ALTER TABLE provisions ADD COLUMN weekly_nights INTEGER;  -- sleep nights commissioned in a week
ALTER TABLE provisions ADD COLUMN stay_ref TEXT;          -- Discharge to Assess: the stay it follows
ALTER TABLE provisions ADD COLUMN extension_outcome TEXT; -- no_ongoing_need, reduced_need; NULL: not extended
ALTER TABLE provisions ADD COLUMN assessed_on TEXT;       -- when needs were assessed and outcomes agreed
ALTER TABLE visits ADD COLUMN claimed REAL;               -- pounds claimed for the call, all carers
ALTER TABLE kpi_returns ADD COLUMN care_certificate_percent REAL; -- the provider's own figure
ALTER TABLE hospital_stays ADD COLUMN hospital TEXT;      -- tunbridge_wells, maidstone, ... or other

-- A lot: one cluster of middle super output areas.
CREATE TABLE clusters (
	cluster_ref       TEXT PRIMARY KEY NOT NULL,
	name              TEXT,
	contract_type     TEXT,             -- framework, block, consortium
	described_minutes INTEGER,          -- hours that the tender text gives for the lot
	tabled_minutes    INTEGER           -- combined weekly hours in the tender table
);

-- The clusters of the contracts before, each of which went into one lot.
CREATE TABLE old_clusters (
	old_cluster_ref TEXT PRIMARY KEY NOT NULL,
	cluster_ref     TEXT REFERENCES clusters,
	weekly_minutes  INTEGER
);

-- Middle super output areas.
CREATE TABLE areas (
	area_ref        TEXT PRIMARY KEY NOT NULL,
	cluster_ref     TEXT REFERENCES clusters,
	setting         TEXT                -- urban, rural
);

-- Each postcode with its class in the rural-urban classification of 2011 for output areas.
CREATE TABLE postcodes (
	postcode        TEXT PRIMARY KEY NOT NULL,
	area_ref        TEXT REFERENCES areas, -- NULL outside Kent
	authority       TEXT,               -- kent, medway, other
	category        TEXT                -- A1, B1, C1, C2, D1, D2, E1, E2, F1, F2
);

-- A provider appointed to a lot.
CREATE TABLE appointments (
	appointment_ref    TEXT PRIMARY KEY NOT NULL,
	provider_ref       TEXT REFERENCES providers,
	cluster_ref        TEXT REFERENCES clusters,
	consortium         TEXT,            -- its name, NULL for a provider of its own
	guaranteed_minutes INTEGER,         -- hours a week of a block contract, 0 without one
	tendered_at        TEXT,            -- moment at which its tender came in
	start_date         TEXT,
	end_date           TEXT
);

-- Contracted rates of an appointment, from a day on; an uplift is a new row.
CREATE TABLE rate_cards (
	card_ref        TEXT PRIMARY KEY NOT NULL,
	appointment_ref TEXT REFERENCES appointments,
	start_date      TEXT,
	end_date        TEXT,
	standard_rate   REAL,               -- pounds per hour, before the weighting for rurality
	complex_rate    REAL,
	night_rate      REAL                -- pounds per sleep night
);

-- Which areas of its lot a provider takes packages in.
CREATE TABLE area_cover (
	cover_ref       TEXT PRIMARY KEY NOT NULL,
	appointment_ref TEXT REFERENCES appointments,
	area_ref        TEXT REFERENCES areas,
	taken           TEXT                -- yes, no
);

-- A package offered to an appointed provider.
CREATE TABLE offers (
	offer_ref       TEXT PRIMARY KEY NOT NULL,
	appointment_ref TEXT REFERENCES appointments,
	client_ref      TEXT REFERENCES clients,
	scheme          TEXT,
	offered_on      TEXT,
	answer          TEXT,               -- accepted, declined
	reason          TEXT                -- of a refusal: area, service, capacity, skills, other
);

-- Prices that a provider asks in a cluster, contracted or not.
CREATE TABLE listed_rates (
	listed_ref      TEXT PRIMARY KEY NOT NULL,
	provider_ref    TEXT REFERENCES providers,
	cluster_ref     TEXT REFERENCES clusters,
	hours           TEXT,               -- social, unsocial
	minutes         INTEGER,            -- length of the call
	price           REAL,               -- pounds for the call
	start_date      TEXT,
	end_date        TEXT
);

CREATE TABLE sleep_nights (
	night_ref       TEXT PRIMARY KEY NOT NULL,
	provision_ref   TEXT REFERENCES provisions,
	night_date      TEXT,               -- the evening on which it begins
	claimed         REAL                -- pounds for the night
);

-- A block contract, week by week.
CREATE TABLE block_weeks (
	block_ref         TEXT PRIMARY KEY NOT NULL,
	appointment_ref   TEXT REFERENCES appointments,
	week_start        TEXT,             -- a Monday
	delivered_minutes INTEGER,          -- as the provider states it
	paid_minutes      INTEGER
);

CREATE TABLE extra_care_schemes (
	scheme_ref      TEXT PRIMARY KEY NOT NULL,
	cluster_ref     TEXT REFERENCES clusters,
	provider_ref    TEXT REFERENCES providers, -- of the background hours
	weekly_minutes  INTEGER,            -- background hours contracted
	rate            REAL,               -- pounds per background hour
	start_date      TEXT,
	end_date        TEXT
);

CREATE TABLE background_shifts (
	shift_ref       TEXT PRIMARY KEY NOT NULL,
	scheme_ref      TEXT REFERENCES extra_care_schemes,
	kind            TEXT,               -- on_site, on_call
	begins_at       TEXT,               -- moment
	ends_at         TEXT                -- moment
);

CREATE TABLE tenancies (
	tenancy_ref     TEXT PRIMARY KEY NOT NULL,
	scheme_ref      TEXT REFERENCES extra_care_schemes,
	client_ref      TEXT REFERENCES clients,
	start_date      TEXT
);

-- Reviews of a care plan.
CREATE TABLE plan_reviews (
	review_ref      TEXT PRIMARY KEY NOT NULL,
	provision_ref   TEXT REFERENCES provisions,
	reviewed_on     TEXT,
	views_sought    TEXT                -- of the person, or of carers and relatives: yes, no
);

-- What a provider says of its direct care staff at the end of a quarter.
CREATE TABLE workforce_returns (
	return_ref      TEXT PRIMARY KEY NOT NULL,
	provider_ref    TEXT REFERENCES providers,
	made_on         TEXT,
	staff           INTEGER,
	achieved        INTEGER,            -- Care Certificate
	in_process      INTEGER,
	part_done       INTEGER,
	zero_hours      INTEGER,            -- on zero-hours contracts
	leavers         INTEGER             -- left within the quarter
);
