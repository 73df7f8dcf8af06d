#include "app/state_folder.hpp"

#include <fcntl.h>
#include <fstream>
#include <stdexcept>
#include <string>
#include <sys/file.h>
#include <unistd.h>

#include "domain/text.hpp"

namespace switchboard {

StateFolder::StateFolder(const std::filesystem::path& folder, const Incarnation& me) {
    std::filesystem::create_directories(folder);
    lock_ = ::open((folder / "node.lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (lock_ < 0) throw std::runtime_error("cannot write to " + folder.string());
    if (flock(lock_, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock_);
        throw std::runtime_error("another process uses " + folder.string() +
                                 "; give each its own with --state-dir");
    }
    const auto file = folder / "incarnation";
    std::string text;
    std::ifstream(file) >> text;
    if (const auto bits = parse_uuid(text)) predecessor_ = Incarnation{*bits};

    const auto fresh = folder / "incarnation.new";
    std::ofstream(fresh) << to_text(me) << '\n';
    std::filesystem::rename(fresh, file);  // never a half-written one
}

StateFolder::~StateFolder() { ::close(lock_); }

}  // namespace switchboard
