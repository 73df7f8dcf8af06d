// Prints the coroutine shapes that this compiler gets wrong (GCC 12.2: the first five; clang 14 and
// 19: none). Fails only when the shape that docs/style.md tells us to use breaks too.
#include <coroutine>
#include <cstdio>
#include <cstdlib>
#include <utility>

struct Task {  // runs at once, never suspends
    struct promise_type {
        Task get_return_object() { return {}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() { std::abort(); }
    };
};

int live = 0;  // constructed minus destroyed: below 0, something was destroyed twice
struct Token {
    Token() { ++live; }
    Token(const Token&) { ++live; }
    Token(Token&&) noexcept { ++live; }
    ~Token() { --live; }
};
struct Pair {  // an aggregate: it has no constructor of its own
    Token token;
    int number = 0;
};

std::suspend_never look(const Token&) { return {}; }
std::suspend_never take(Pair) { return {}; }
int use(Pair) { return 1; }
template <class Work>
std::suspend_never run(Work) {
    return {};
}

Task braced(const Token& t) { co_await take(Pair{t, 1}); }
Task bare(const Token& t) { co_await take({t, 1}); }
Task lambda(const Token& t) {
    co_await run([t] {});
}
Task choice(const Token& t) { co_await look(live < 0 ? t : Token()); }
Task beside(const Token& t) { use(Pair{t, 1}), co_await look(t); }
Task named(const Token& t) {
    Pair pair{t, 1};
    co_await take(std::move(pair));
}

int breaks(const char* shape, Task (*coroutine)(const Token&)) {
    const Token token;
    live = 0;
    coroutine(token);
    std::printf("%-42s %s\n", shape, live == 0 ? "right" : "DESTROYED TWICE");
    return live == 0 ? 0 : 1;
}

int main() {
    breaks("co_await f(Aggregate{x})", braced);
    breaks("co_await f({x})", bare);
    breaks("co_await f([x] {})", lambda);
    breaks("co_await f(condition ? lvalue : Class())", choice);
    breaks("g(Aggregate{x}), co_await f(y)", beside);
    return breaks("a name, then co_await f(std::move(name))", named);
}
