#include "gateway/session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "auth/random.hpp"
#include "domain/stop_point.hpp"
#include "gateway/catch_up.hpp"
#include "wire/decode_command.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kept_frames_max = 4;  // room that a writer keeps while nothing waits

std::chrono::milliseconds rounded_up(std::chrono::microseconds time) {
    return std::chrono::ceil<std::chrono::milliseconds>(time);
}

Refused refused(Refusal reason) {
    Refused made;
    made.reason = reason;
    return made;
}

// What a reply of the tenant is to the client; null: it says nothing.
struct ReplyEncoder {
    std::uint32_t id;
    bool is_quiet;  // the command has no reply when all went well
    Encoding encoding;

    Frame operator()(const Done&) const { return is_quiet ? nullptr : encode_done(id, encoding); }
    Frame operator()(const WelcomeView&) const { return nullptr; }
    Frame operator()(const LiveView&) const { return nullptr; }          // see Session::receive()
    Frame operator()(const BlocksView&) const { return nullptr; }        // likewise
    Frame operator()(const SiteAvailability&) const { return nullptr; }  // asked over HTTP alone
    Frame operator()(const MessageStored& stored) const {
        return encode_stored(id, stored, encoding);
    }
    Frame operator()(const ConversationClosed& closed) const {
        return encode_closed(id, closed, encoding);
    }
    Frame operator()(const Blocked& blocked) const { return encode_blocked(id, blocked, encoding); }
    Frame operator()(const Refused& why) const {
        return encode_refused(id, why, retry_after(why.reason), encoding);
    }
};

// A frame that is a command, made complete with what only the connection knows.
struct Completer {
    const Door& door;
    const Connection& connection;
    Command& command;

    bool operator()(StartConversation& start) const {
        start.conversation = random_bits<PublicId>();
        start.site = door.site;
        return set(start);
    }
    bool operator()(SetAway& away) const {
        away.connection = connection;
        return set(away);
    }
    bool operator()(BlockVisitor& block) const {
        block.block = random_bits<PublicId>();
        return set(block);
    }
    // These are no commands of the tenant's.
    bool operator()(Hello&) const { return false; }
    bool operator()(ReadEntries&) const { return false; }
    bool operator()(View&) const { return false; }
    bool operator()(Refused&) const { return false; }
    bool operator()(auto& what) const { return set(what); }

    template <class What>
    bool set(What& what) const {
        command.what = std::move(what);
        return true;
    }
};

SendWindow::Kind kind_of(const ClientFrame& frame) {
    using Kind = SendWindow::Kind;
    if (std::holds_alternative<ConfirmAssignment>(frame.what)) return Kind::confirmation;
    const bool is_quiet = std::holds_alternative<ReportProgress>(frame.what) ||
                          std::holds_alternative<ShowTyping>(frame.what);
    return is_quiet ? Kind::quiet : Kind::answered;
}

// Its answer may have to wait for room in the feed, for which only one waits at a time.
bool has_long_answer(const ClientFrame& frame) {
    return std::holds_alternative<ReadEntries>(frame.what) ||
           std::holds_alternative<ShowLive>(frame.what) ||
           std::holds_alternative<ListBlocks>(frame.what);
}

bool is_message(const ClientFrame& frame) {
    return std::holds_alternative<StartConversation>(frame.what) ||
           std::holds_alternative<SendMessage>(frame.what);
}

}  // namespace

// From hello to welcome; afterwards the memory is given back.
struct Session::Arrival {
    Arrival(std::uint32_t frame_id, const asio::any_io_executor& executor)
        : id(frame_id), answered(executor) {}

    std::uint32_t id;  // of the hello
    Hello hello;
    std::string token;
    Wake answered;
    std::optional<Reply> reply;  // to Connect
};

// What waits until the connection has caught up.
struct Session::Postponed {
    std::vector<std::pair<std::uint32_t, Reply>> answers;  // nobody has one before he is shown why
    std::vector<ClientFrame> frames;                       // with long answers
};

Session::Session(WebSocket socket, const Door& door, Encoding encoding, SessionPlace& place)
    : place_(place),
      door_(door),
      encoding_(encoding),
      socket_(std::move(socket)),
      feed_(socket_.executor(), place.settings),
      due_(now() + place.settings.hello_timeout) {
    thread = place.thread;
}

Session::~Session() = default;

asio::awaitable<void> Session::run() {
    struct Leaving {
        Session& session;
        ~Leaving() { session.leave(); }
    };
    const auto self = shared_from_this();
    place_.pulse.add(*this);
    const Leaving leaving{*this};
    start_writing();
    co_await read_frames();
    if (has_written_) co_return;
    written_ = std::make_unique<Wake>(socket_.executor());
    co_await written_->wait();
}

// A coroutine of its own instead of `read_frames() && write_frames()`, whose bookkeeping takes a
// kilobyte of each connection. It keeps the session, so the reader may fail.
void Session::start_writing() {
    const auto done = [self = shared_from_this()](const std::exception_ptr& failure) {
        if (failure) self->socket_.cut();  // which ends the reader
        self->has_written_ = true;
        if (self->written_) self->written_->notify();
    };
    asio::co_spawn(socket_.executor(), write_frames(), done);
}

// Until the peer leaves or misbehaves, or the feed is closed.
asio::awaitable<void> Session::read_frames() {
    bool is_first = true;
    for (;;) {
        const auto bytes = co_await socket_.read();
        if (!bytes) co_return feed_.close(CloseCode::normal);
        auto frames = decode_command(*bytes, encoding_, last_id_);
        if (!frames) co_return feed_.close(frames.error());

        for (auto& frame : *frames) {
            if (feed_.closed()) co_return;
            if (!is_first) {
                take(std::move(frame));
                continue;
            }
            is_first = false;
            const bool welcome = co_await arrive(std::move(frame));
            if (!welcome) co_return;
        }
    }
}

// Until the feed is closed and empty; then tells the peer why, which ends read_frames() too.
asio::awaitable<void> Session::write_frames() {
    std::vector<Frame> frames;
    std::vector<std::string_view> pieces;
    for (;;) {
        while (!feed_.is_due())
            co_await feed_.wait();
        feed_.take(frames);
        if (frames.empty()) break;
        pieces_of_message(encoding_, frames, pieces);
        const auto ec = co_await socket_.write(pieces);
        if (ec) feed_.close(CloseCode::normal);  // The peer is gone; its read fails as well.
        if (ec) break;
        stop_point(StopPoint::acknowledged);
        frames.clear();  // others may be done with them already
        if (frames.capacity() > kept_frames_max) frames = {};
        if (pieces.capacity() > kept_frames_max) pieces = {};
    }
    const auto why = feed_.closed().value_or(CloseCode::normal);
    if (why == CloseCode::too_slow) place_.parts.metrics.slow_consumer_closed.add();
    co_await socket_.close(why);
}

// The first frame must be a hello that proves who it is. False: the connection is to end.
asio::awaitable<bool> Session::arrive(ClientFrame first) {
    auto* hello = std::get_if<Hello>(&first.what);
    if (hello == nullptr) {
        const auto* wrong = std::get_if<Refused>(&first.what);
        if (wrong != nullptr) refuse(first.id, *wrong, {});
        feed_.close(CloseCode::bad_frame);
        co_return false;
    }
    arrival_ = std::make_unique<Arrival>(first.id, socket_.executor());
    arrival_->hello = std::move(*hello);
    const bool admitted = co_await admit();
    if (!admitted) co_return false;
    const bool welcome = co_await be_welcomed();
    arrival_.reset();
    co_return welcome;
}

asio::awaitable<bool> Session::admit() {
    const auto& parts = place_.parts;
    auto judgement = co_await judge_hello(arrival_->hello, door_, parts.credentials, now());
    if (feed_.closed()) co_return false;
    if (const auto* turned_away = std::get_if<TurnedAway>(&judgement)) {
        if (turned_away->close == CloseCode::bad_token)
            parts.metrics.auth_failed.with(door_.is_for_agents() ? "ticket" : "token").add();
        turn_away(*turned_away);
        co_return false;
    }
    join(std::get<Admitted>(std::move(judgement)));
    co_return true;
}

// Joins the room, then tells the tenant: what happens from the welcome on is held back till then.
void Session::join(Admitted admitted) {
    const auto& parts = place_.parts;
    const Hello& hello = arrival_->hello;
    const auto audience = door_.is_for_agents() ? Visibility::agents : Visibility::all;
    feed_.belong_to({admitted.principal,
                     admitted.connection,
                     {encoding_, audience, hello.kinds},
                     door_.site,
                     admitted.login});
    feed_.hold_back();
    arrival_->token = std::move(admitted.token);
    if (hello.resume)
        parts.audience.replace(door_.tenant, admitted.principal.public_id, admitted.connection);
    allowance_ = &parts.audience.join(thread, feed_).allowance;
    (door_.is_for_agents() ? parts.metrics.agent_sockets : parts.metrics.visitor_sockets).add(1);

    submit(arrival_->id, {feed_.principal(), Connect{admitted.connection, door_.site, hello.name}});
}

asio::awaitable<bool> Session::be_welcomed() {
    while (!arrival_->reply && !feed_.closed())
        co_await arrival_->answered.wait();
    if (feed_.closed()) co_return false;
    if (const auto* why = std::get_if<Refused>(&*arrival_->reply)) {
        turn_away({*why, close_for(why->reason)});
        co_return false;
    }
    const auto& settings = place_.settings;
    Welcome welcome;
    welcome.session = feed_.connection().session;
    welcome.token = std::move(arrival_->token);
    welcome.server_now = now();
    welcome.heartbeat_interval = settings.heartbeat_interval;
    welcome.view = std::move(std::get<WelcomeView>(*arrival_->reply));
    feed_.push(encode_welcome(arrival_->id, welcome, feed_.look()));
    is_welcome_ = true;
    start_catching_up(std::move(welcome.view), std::move(arrival_->hello.resume));
    co_return true;
}

// Beside the reader: a client that is shown for a while what it missed is heard meanwhile.
void Session::start_catching_up(WelcomeView view, std::optional<Resume> resume) {
    const auto done = [self = shared_from_this()](const std::exception_ptr& failure) {
        if (failure) self->feed_.close(CloseCode::our_fault);
    };
    postponed_ = std::make_unique<Postponed>();
    auto catching_up = be_brought_up_to_date(std::move(view), std::move(resume));
    asio::co_spawn(socket_.executor(), std::move(catching_up), done);
}

asio::awaitable<void> Session::be_brought_up_to_date(WelcomeView view,
                                                     std::optional<Resume> resume) {
    const auto self = shared_from_this();
    const CatchUp what{
        feed_, place_.parts.store, place_.settings, view, resume ? &*resume : nullptr};
    const auto ec = co_await catch_up(what);
    if (ec) feed_.close(CloseCode::too_busy);
    if (feed_.closed()) co_return;
    due_ = now() + place_.settings.heartbeat_interval;
    const auto postponed = std::move(postponed_);
    for (const auto& [id, reply] : postponed->answers)
        answer(id, reply);
    for (ClientFrame& frame : postponed->frames)
        carry_out(std::move(frame));
}

void Session::turn_away(const TurnedAway& turned_away) {
    const auto reason = turned_away.why.reason;
    place_.parts.metrics.handshake_rejected.with(info(reason).code).add();
    refuse(arrival_->id, turned_away.why, retry_after(reason));
    feed_.close(turned_away.close);
}

void Session::leave() {
    // The threads are dropped with work undone: there is nobody to be told any more.
    if (place_.context.stopped()) return;
    const auto& parts = place_.parts;
    feed_.close(CloseCode::normal);
    place_.pulse.remove(*this);
    if (allowance_ == nullptr) return;
    allowance_ = nullptr;
    parts.audience.leave(thread, feed_, now());
    (door_.is_for_agents() ? parts.metrics.agent_sockets : parts.metrics.visitor_sockets).add(-1);
    const Disconnect disconnect{feed_.connection(), feed_.is_logged_out()};
    parts.gate.submit({feed_.principal(), disconnect}, nullptr, 0);
}

void Session::take(ClientFrame frame) {
    if (std::holds_alternative<Hello>(frame.what)) return feed_.close(CloseCode::bad_frame);
    if (!is_allowed(frame, now())) return;
    if (const auto* wrong = std::get_if<Refused>(&frame.what)) return refuse(frame.id, *wrong, {});
    if (!window_.take(frame.id, kind_of(frame)))
        return refuse(frame.id, refused(Refusal::too_many_in_flight), {});
    if (is_catching_up() && has_long_answer(frame))
        return postponed_->frames.push_back(std::move(frame));
    carry_out(std::move(frame));
}

void Session::carry_out(ClientFrame frame) {
    if (const auto* view = std::get_if<View>(&frame.what)) {
        feed_.set_view(*view);
        return answer(frame.id, Done{});
    }
    if (const auto* watch = std::get_if<ShowLive>(&frame.what)) {
        feed_.ask_to_watch(frame.id, *watch);  // before the tenant sees it, that nothing is missed
        place_.parts.audience.watch(thread, feed_);
    }
    Command command{feed_.principal(), {}};
    if (std::visit(Completer{door_, feed_.connection(), command}, frame.what))
        return submit(frame.id, std::move(command));
    reader().add(frame.id, std::get<ReadEntries>(frame.what), [this] { window_.give_back(0); });
}

// Judges the frame's rate. What is too much is refused here, and closes at the last strike.
bool Session::is_allowed(const ClientFrame& frame, Time now) {
    if (std::holds_alternative<ShowTyping>(frame.what))
        return allowance_->take_typing(rates(), now);
    const auto verdict = is_message(frame) ? allowance_->take_message(rates(), now)
                                           : allowance_->take_command(rates(), now);
    if (verdict.is_allowed()) return true;
    place_.parts.metrics.rate_limited.with(door_.is_for_agents() ? "agent" : "visitor").add();
    refuse(frame.id, refused(Refusal::rate_limited), verdict.retry_after);
    if (verdict.is_last_strike) feed_.close(CloseCode::rate_limited);
    return false;
}

const RateSettings& Session::rates() const {
    return door_.is_for_agents() ? place_.settings.agent : place_.settings.visitor;
}

void Session::submit(std::uint32_t id, Command command) {
    place_.parts.gate.submit(std::move(command), shared_from_this(), id);
}

void Session::refuse(std::uint32_t id, const Refused& why, std::chrono::microseconds retry_after) {
    feed_.push(encode_refused(id, why, rounded_up(retry_after), encoding_));
}

void Session::receive(std::uint32_t id, Reply reply) {
    if (arrival_ && id == arrival_->id) {
        arrival_->reply = std::move(reply);
        arrival_->answered.notify();
        return;
    }
    if (!is_welcome_) return;  // The connection ended before its welcome came.
    if (is_catching_up()) {
        postponed_->answers.emplace_back(id, std::move(reply));
    } else {
        answer(id, reply);
    }
}

void Session::answer(std::uint32_t id, const Reply& reply) {
    const bool is_quiet = window_.give_back(id);
    const auto* live = std::get_if<LiveView>(&reply);
    const auto* blocks = std::get_if<BlocksView>(&reply);
    if (live != nullptr) {
        answer_in_parts(id, encode_live(id, *live, feed_.look()), live->sites);
    } else if (blocks != nullptr) {
        answer_in_parts(id, encode_blocks(id, *blocks, encoding_), {});
    } else {
        feed_.push(std::visit(ReplyEncoder{id, is_quiet, encoding_}, reply));
        feed_.answer_watch(id, nullptr);
    }
}

// `sites` are those that are watched from then on, if that was asked for.
void Session::answer_in_parts(std::uint32_t id,
                              std::vector<Frame> parts,
                              std::vector<SiteId> sites) {
    const auto sent = [this, id, sites = std::move(sites)] { feed_.answer_watch(id, &sites); };
    if (feed_.push_all(parts)) return sent();
    if (reader().add_parts(std::move(parts), sent)) return;
    constexpr auto overloaded = Refusal::overloaded;  // The client is to read first.
    refuse(id, refused(overloaded), retry_after(overloaded));
    feed_.answer_watch(id, nullptr);
}

void Session::tick(Time now) {
    if (close_at_ && now >= *close_at_) feed_.close(CloseCode::restarting);
    if (now < due_) return;
    if (!is_welcome_) {
        // The tenant's answer has a time limit of its own.
        if (!arrival_) feed_.close(CloseCode::bad_frame);
        return;
    }
    if (is_catching_up()) return;  // It would tell of entries that are on their way.
    due_ = now + place_.settings.heartbeat_interval;
    const LatestKey key{LatestKey::Kind::heartbeat, {}, {}, {}};
    feed_.push_latest(key, encode_heartbeat({now, feed_.heads()}, encoding_));
}

void Session::go_away(const GoAway& go_away, Time close_at) {
    close_at_ = close_at;
    feed_.push(encode_go_away(go_away, encoding_));
}

// The one that serve_reads() empties, after whatever the caller is about to put in.
PageReader& Session::reader() {
    if (reader_) return *reader_;
    reader_ = std::make_unique<PageReader>(feed_, place_.parts.store);
    asio::post(socket_.executor(), [self = shared_from_this()] {
        const auto done = [self](const std::exception_ptr& failure) {
            if (failure) self->feed_.close(CloseCode::our_fault);
        };
        asio::co_spawn(self->socket_.executor(), self->serve_reads(), done);
    });
    return *reader_;
}

asio::awaitable<void> Session::serve_reads() {
    const auto self = shared_from_this();
    while (!reader_->empty() && !feed_.closed()) {
        co_await feed_.wait_for_room();
        auto page = co_await reader_->next();
        feed_.push(std::move(page.frame));
        if (page.sent) page.sent();
    }
    reader_.reset();
}

}  // namespace switchboard
