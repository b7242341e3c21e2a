/* Writes a row. */
#include <sql.h>

int add(void)
{
    return run("\
INSERT INTO t VALUES (1, 'x');\
");
}
