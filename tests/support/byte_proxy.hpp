#pragma once

#include <condition_variable>
#include <list>
#include <mutex>
#include <string>
#include <thread>

namespace switchboard {

// Stands between a client and a PostgreSQL, byte by byte, and can hold back or cut what passes. Any
// thread; its own one moves the bytes.
class ByteProxy {
public:
    // `server` is a connection string; the proxy leads to where it leads.
    explicit ByteProxy(const std::string& server);
    ~ByteProxy();
    ByteProxy(const ByteProxy&) = delete;
    ByteProxy& operator=(const ByteProxy&) = delete;

    // A connection string to the same database through the proxy.
    const std::string& connection() const { return connection_; }

    // From now on the connections that are open keep back what the client says, or what the server
    // answers; those made later pass everything.
    void hold_requests();
    void hold_answers();

    // Returns once something is kept back.
    void await_held();

    // Ends the client's side of the connections that are open; with what they keep back the
    // server's side stays. `reset` is a RST, else it is an orderly end.
    void cut(bool reset);

    // Lets the server have what is kept back of the requests; when the client is gone, it has said
    // its last then.
    void deliver();

    // Whether a client is connected, and something kept back, just now.
    bool is_connected() const;
    bool is_holding() const;

    // How many connections their client has ended so far.
    int ended() const;

private:
    struct Link {
        int client = -1;  // -1: gone
        int server = -1;
        bool hold_requests = false;
        bool hold_answers = false;
        bool held = false;
        std::string requests;  // held back
    };

    void run();
    void accept();
    void pass_requests(Link& link);
    void pass_answers(Link& link);
    void wake();

    std::string server_;
    std::string connection_;
    int listener_ = -1;
    int wake_[2] = {-1, -1};
    mutable std::mutex mutex_;
    std::condition_variable held_;
    std::list<Link> links_;
    int ended_ = 0;
    bool stopped_ = false;
    std::thread thread_;
};

}  // namespace switchboard
