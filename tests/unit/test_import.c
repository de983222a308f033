#include <check.h>
Suite *import_suite(void);
Suite *import_suite(void) { return suite_create("import"); }
