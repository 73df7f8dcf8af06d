// How jemalloc is set, for every program that links it: docs/decisions/0006-jemalloc.md.
extern "C" {
extern const char* malloc_conf;
// A thread keeps sixteen slabs of freed places at hand instead of two, at most 200 of a size: the
// effects of a batch are freed all at once.
const char* malloc_conf = "lg_tcache_nslots_mul:4";
}
