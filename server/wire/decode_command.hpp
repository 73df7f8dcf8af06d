#pragma once

#include <string_view>
#include <vector>

#include "wire/client_frame.hpp"

namespace switchboard {

// The frames of one WebSocket message, or how the connection must end:
//   not_the_subprotocol - the bytes are not a message of the subprotocol;
//   too_big             - more than message_bytes_max;
//   bad_frame           - no frame or more than frames_max, one without a command, or an id that
//                         is not above the one before it.
// `last_id` is the id of the connection's last frame, 0 before the first; it is moved on. A frame
// whose fields are wrong is a Refused with the field's name, and its neighbours are not touched.
// Every string that comes out is UTF-8 without NUL and within its bound. Any thread.
boost::system::result<std::vector<ClientFrame>, CloseCode> decode_command(std::string_view bytes,
                                                                          Encoding encoding,
                                                                          std::uint32_t& last_id);

}  // namespace switchboard
