-- Logs within reach of two visits. Most pairs are made first, then the total distance is least,
-- then the earlier visit keeps its log. Load it after rules/lib/homecare.sql.
--
--   day          visits         logs           pairs                      fails
--   1 September  08:00  09:00   08:50  09:40   V1 with L1, V2 with L2     none: nearest first would
--                                                                         leave V1 without a log
--   2 September  08:00  09:00   08:35          V4 with L3                 V2 for V3, 22.59 for half
--                                                                         an hour: 11.30
--   3 September  08:00  09:00   08:30          V5 with L4: a tie          V2 for V6
--   4 September  08:00          09:30:00       V7 with L5                 none: 90 minutes are in
--   5 September  08:00          09:30:01       none                       V2 for V8, V3 for L6
--   6 September  08:00 missed   08:05          V9 with L7                 V5 for V9
INSERT INTO providers VALUES ('P1', 'Care provider 1', 'yes');
INSERT INTO clients (client_ref) VALUES ('C1');
INSERT INTO carers VALUES ('K1', 'P1');
INSERT INTO provisions VALUES
	('PR1', 'P1', 'C1', 'ccsh', 'home_care', 420, 22.59, '2025-05-05', NULL);
INSERT INTO visits VALUES
	('V1', 'PR1', '2025-09-01', '08:00', 30, 30, 'delivered', NULL, 1, 22.59),
	('V2', 'PR1', '2025-09-01', '09:00', 30, 30, 'delivered', NULL, 1, 22.59),
	('V3', 'PR1', '2025-09-02', '08:00', 30, 30, 'delivered', NULL, 1, 22.59),
	('V4', 'PR1', '2025-09-02', '09:00', 30, 30, 'delivered', NULL, 1, 22.59),
	('V5', 'PR1', '2025-09-03', '08:00', 30, 30, 'delivered', NULL, 1, 22.59),
	('V6', 'PR1', '2025-09-03', '09:00', 30, 30, 'delivered', NULL, 1, 22.59),
	('V7', 'PR1', '2025-09-04', '08:00', 30, 30, 'delivered', NULL, 1, 22.59),
	('V8', 'PR1', '2025-09-05', '08:00', 30, 30, 'delivered', NULL, 1, 22.59),
	('V9', 'PR1', '2025-09-06', '08:00', 30, 0, 'missed', NULL, 1, 22.59);
INSERT INTO care_logs VALUES
	('L1', 'P1', 'C1', 'K1', '2025-09-01 08:50:00', '2025-09-01 09:20:00', 'app'),
	('L2', 'P1', 'C1', 'K1', '2025-09-01 09:40:00', '2025-09-01 10:10:00', 'app'),
	('L3', 'P1', 'C1', 'K1', '2025-09-02 08:35:00', '2025-09-02 09:05:00', 'app'),
	('L4', 'P1', 'C1', 'K1', '2025-09-03 08:30:00', '2025-09-03 09:00:00', 'app'),
	('L5', 'P1', 'C1', 'K1', '2025-09-04 09:30:00', '2025-09-04 10:00:00', 'app'),
	('L6', 'P1', 'C1', 'K1', '2025-09-05 09:30:01', '2025-09-05 10:00:01', 'app'),
	('L7', 'P1', 'C1', 'K1', '2025-09-06 08:05:00', '2025-09-06 08:35:00', 'app');
INSERT INTO submissions VALUES
	('S1', 'P1', '2025-09-01', '2025-09-09 09:00:00');
