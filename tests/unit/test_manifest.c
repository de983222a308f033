#include <check.h>
Suite *manifest_suite(void);
Suite *manifest_suite(void) { return suite_create("manifest"); }
