#include "auth/auth_error.hpp"

#include <string>

namespace switchboard {
namespace {

class AuthCategory final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "auth"; }

    std::string message(int value) const override {
        switch (static_cast<AuthError>(value)) {
            case AuthError::denied:
                return "the credential is not valid";
            case AuthError::busy:
                return "too many credentials are being checked";
            case AuthError::too_many_tries:
                return "too many tries";
            case AuthError::unavailable:
                return "the credential could not be checked";
        }
        return "unknown";
    }
};

const AuthCategory auth_category;

}  // namespace

error_code make_error_code(AuthError error) { return {static_cast<int>(error), auth_category}; }

Refusal to_refusal(const error_code& error) {
    if (error == AuthError::denied) return Refusal::unauthorized;
    if (error == AuthError::busy || error == AuthError::too_many_tries) {
        return Refusal::rate_limited;
    }
    return Refusal::unavailable;
}

}  // namespace switchboard
