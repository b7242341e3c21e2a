int a;
int b;
int c;
char *d;
long e;
