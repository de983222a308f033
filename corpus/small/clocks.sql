-- Nights over both clock changes. Someone sleeps in from 22:00 to 07:00, nine hours by the clock:
-- ten in fact on 25 October 2025, eight on 28 March 2026. Load it after rules/lib/homecare.sql.
--
--   visit  night of        declared  logged   under hampshire/ccsh
--   V1     24 October      540 min    9 h     passes
--   V2     25 October      540 min   10 h     passes
--   V3     28 March        540 min    8 h     V1 fails, one hour at 24.00
--   V4     29 March        540 min    9 h     passes; its log is stamped in UTC and with an offset
--   V5     26 October      30 min    30 min   passes: in at 01:50, out at 01:20, the second 01:20
--   V6     29 March        30 min    30 min   passes: planned for 01:15, which did not exist and is
--                                             read as 02:15
INSERT INTO providers VALUES ('P1', 'Care provider 1', 'yes');
INSERT INTO clients (client_ref) VALUES ('C1'), ('C2');
INSERT INTO carers VALUES ('K1', 'P1'), ('K2', 'P1');
INSERT INTO provisions VALUES
	('PR1', 'P1', 'C1', 'ccsh', 'home_care', 3780, 24, '2025-05-05', NULL),
	('PR2', 'P1', 'C2', 'ccsh', 'home_care', 60, 24, '2025-05-05', NULL);
INSERT INTO visits VALUES
	('V1', 'PR1', '2025-10-24', '22:00', 540, 540, 'delivered', NULL, 1, 24),
	('V2', 'PR1', '2025-10-25', '22:00', 540, 540, 'delivered', NULL, 1, 24),
	('V3', 'PR1', '2026-03-28', '22:00', 540, 540, 'delivered', NULL, 1, 24),
	('V4', 'PR1', '2026-03-29', '22:00', 540, 540, 'delivered', NULL, 1, 24),
	('V5', 'PR2', '2025-10-26', '01:45', 30, 30, 'delivered', NULL, 1, 24),
	('V6', 'PR2', '2026-03-29', '01:15', 30, 30, 'delivered', NULL, 1, 24);
INSERT INTO care_logs VALUES
	('L1', 'P1', 'C1', 'K1', '2025-10-24 22:00:00', '2025-10-25 07:00:00', 'app'),
	('L2', 'P1', 'C1', 'K1', '2025-10-25 22:00:00', '2025-10-26 07:00:00', 'app'),
	('L3', 'P1', 'C1', 'K1', '2026-03-28 22:00:00', '2026-03-29 07:00:00', 'app'),
	('L4', 'P1', 'C1', 'K1', '2026-03-29T21:00:00Z', '2026-03-30 07:00:00+01:00', 'app'),
	('L5', 'P1', 'C2', 'K2', '2025-10-26 01:50:00', '2025-10-26 01:20:00', 'fob'),
	('L6', 'P1', 'C2', 'K2', '2026-03-29 02:15:00', '2026-03-29 02:45:00', 'fob');
