-- One person, one provider, seven visits around the quarter of an hour: what declared time needs in
-- logged time, to the second. Load it after rules/lib/homecare.sql.
--
--   visit  declared  logged    rounds to   under hampshire/ccsh
--   V1     30 min    22 m 30 s  30 min     passes: the half rounds up
--   V2     30 min    22 m 29 s  15 min     V1 fails, 15 minutes at 22.59 an hour: 5.65 (5.6475)
--   V3     15 min     7 m 29 s   0 min     V1 fails, 5.65
--   V4     60 min    two carers, 30 min each: passes
--   V5     60 min    one of the two carers: V6 fails, half of an hour: 11.30 (11.295)
--   V6     30 min    no log: V2 fails, 11.30
--   V7     30 min    a log without a check-out: V1 is not assessed
INSERT INTO providers VALUES ('P1', 'Care provider 1', 'yes');
INSERT INTO clients (client_ref) VALUES ('C1');
INSERT INTO carers VALUES ('K1', 'P1'), ('K2', 'P1');
INSERT INTO provisions VALUES
	('PR1', 'P1', 'C1', 'ccsh', 'home_care', 420, 22.59, '2025-05-05', NULL);
INSERT INTO visits VALUES
	('V1', 'PR1', '2025-09-01', '08:00', 30, 30, 'delivered', NULL, 1, 22.59),
	('V2', 'PR1', '2025-09-02', '08:00', 30, 30, 'delivered', NULL, 1, 22.59),
	('V3', 'PR1', '2025-09-03', '08:00', 15, 15, 'delivered', NULL, 1, 22.59),
	('V4', 'PR1', '2025-09-04', '08:00', 60, 60, 'delivered', NULL, 2, 22.59),
	('V5', 'PR1', '2025-09-05', '08:00', 60, 60, 'delivered', NULL, 2, 22.59),
	('V6', 'PR1', '2025-09-06', '08:00', 30, 30, 'delivered', NULL, 1, 22.59),
	('V7', 'PR1', '2025-09-07', '08:00', 30, 30, 'delivered', NULL, 1, 22.59);
INSERT INTO care_logs VALUES
	('L1', 'P1', 'C1', 'K1', '2025-09-01 08:02:00', '2025-09-01 08:24:30', 'app'),
	('L2', 'P1', 'C1', 'K1', '2025-09-02 08:02:00', '2025-09-02 08:24:29', 'app'),
	('L3', 'P1', 'C1', 'K1', '2025-09-03 08:02:00', '2025-09-03 08:09:29', 'phone'),
	('L4', 'P1', 'C1', 'K1', '2025-09-04 08:00:00', '2025-09-04 08:30:00', 'app'),
	('L5', 'P1', 'C1', 'K2', '2025-09-04 08:01:00', '2025-09-04 08:31:00', 'app'),
	('L6', 'P1', 'C1', 'K1', '2025-09-05 08:00:00', '2025-09-05 08:30:00', 'app'),
	('L7', 'P1', 'C1', 'K1', '2025-09-07 08:00:00', NULL, 'manual');
INSERT INTO submissions VALUES
	('S1', 'P1', '2025-09-01', '2025-09-09 09:00:00');
