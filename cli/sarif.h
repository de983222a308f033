/* Diagnostics as SARIF 2.1.0, for code review and editors. */
#ifndef VOUCH_CLI_SARIF_H
#define VOUCH_CLI_SARIF_H

#include "dsl/diag.h"

void sarif_print(Diags *diags, Buf *out);

#endif
