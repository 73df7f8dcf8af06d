// The words for what the server says in codes. A code that is not here is of a later version.

export const CHANNELS = {
  CHANNEL_CHAT: 'Chat',
  CHANNEL_CALL: 'Call',
  CHANNEL_VIDEO: 'Video',
  CHANNEL_MESSAGING: 'Messaging',
};

const STATUSES = {
  STATUS_AVAILABLE: { colour: 'green', word: 'available' },
  STATUS_BUSY: { colour: 'orange', word: 'busy' },
  STATUS_UNAVAILABLE: { colour: 'red', word: 'not available' },
};

const REASONS = {
  REASON_READY: 'available',
  REASON_AT_CAPACITY: 'all slots taken',
  REASON_TOTAL_CAPACITY: 'enough over all channels',
  REASON_WRAP_UP: 'wrapping up',
  REASON_NOT_ENABLED: 'switched off',
  REASON_NOT_CONNECTED: 'not connected',
  REASON_AWAY: 'away from the screen',
  REASON_CHOSEN: 'on a break',
  REASON_SET_BY_MANAGER: 'set by a manager',
  REASON_MISSED_OFFER: 'missed a request',
  REASON_UNRESPONSIVE: 'did not answer in time',
};

// { colour, word, why } of an agent on a channel: the colour, what it is called, and its reason.
export function presenceWords({ status, reason, reconnecting, wish }) {
  const { colour, word } = STATUSES[status] ?? STATUSES.STATUS_UNAVAILABLE;
  const why = [REASONS[reason] ?? word, wish?.text ?? ''].filter(Boolean).join(': ');
  return { colour, word, why: reconnecting ? `${why}, reconnecting` : why };
}

export const CONNECTIONS = {
  new: 'Connecting…',
  connecting: 'Connecting…',
  online: 'Connected',
  waiting: 'Connection lost. Trying again…',
  ended: 'Disconnected',
  replaced: 'Continued in another tab',
  'signed-out': 'Logged out',
};

const REFUSALS = {
  agent_full: 'All of your slots are taken.',
  already_taken: 'Somebody else has it.',
  conversation_closed: 'The conversation is closed.',
  forbidden: 'You may not do that.',
  id_expired: 'This message is too old to be sent.',
  invalid: 'That cannot be sent like this.',
  nobody_available: 'Nobody is free just now.',
  not_found: 'That is not there any more.',
  wrong_state: 'That is not possible any more.',
};

export function refusalWords({ code, takenBy, message }) {
  if (takenBy?.name) return `${takenBy.name} has it.`;
  return REFUSALS[code] ?? message ?? code;
}

const CLOSERS = { visitor: 'The visitor', agent: 'The agent', manager: 'A manager' };
const GONE = {
  lost: 'The agent lost the connection',
  left: 'The agent logged out',
  unresponsive: 'The agent did not answer',
  disabled: 'The agent is not there any more',
};
const AFTER = {
  reassigned: 'another one takes over',
  queued: 'the conversation waits again',
  kept: 'the conversation stays open',
};

const SYSTEM = {
  queued: () => 'Waiting for an agent',
  left_as_message: () => 'Left as a message',
  joined: ({ name }) => `${name} joined the conversation`,
  assigned: ({ name }) => `Assigned to ${name}`,
  claimed: ({ name }) => `Taken by ${name}`,
  reassigned: () => 'Passed on to another agent',
  inactive: () => 'Set inactive: the slot is free',
  active_again: () => 'Active again',
  visitor_left: () => 'The visitor left',
  visitor_back: () => 'The visitor is back',
  closed: ({ by }) => `${CLOSERS[by] ?? 'The server'} closed the conversation`,
};

export function systemWords({ code, parameters = {} }) {
  if (code in SYSTEM) return SYSTEM[code](parameters);
  const [, cause, after] = code.match(/^agent_([a-z]+)_([a-z]+)$/) ?? [];
  return cause in GONE && after in AFTER ? `${GONE[cause]}; ${AFTER[after]}` : code;
}

const CLOSES = {
  CLOSE_REASON_ABANDONED: 'closed: you were gone before anybody came',
  CLOSE_REASON_WAIT_LIMIT: 'closed: nobody was free in time',
  CLOSE_REASON_IDLE: 'closed: nobody wrote for a while',
};

export const closeWords = reason => CLOSES[reason] ?? 'closed';

// "less than a minute", "about 4 minutes"
export function waitWords(seconds) {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return 'less than a minute';
  return minutes === 1 ? 'about a minute' : `about ${minutes} minutes`;
}
