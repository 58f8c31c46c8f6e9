package io.tocsin.cli.stack;

/**
 * An error as Twilio's API answers it.
 *
 * @param httpStatus the HTTP status
 * @param code Twilio's error code
 * @param message what is wrong, without repeating any number
 */
record TwilioFault(int httpStatus, int code, String message) {

  static final TwilioFault AUTHENTICATE = new TwilioFault(401, 20003, "Authenticate");
  static final TwilioFault NOT_FOUND =
      new TwilioFault(404, 20404, "The requested resource was not found");
  static final TwilioFault NOT_ALLOWED = new TwilioFault(405, 20004, "Method not allowed");
  static final TwilioFault TOO_MANY_REQUESTS = new TwilioFault(429, 20429, "Too Many Requests");
  static final TwilioFault INTERNAL = new TwilioFault(500, 20500, "Internal Server Error");

  static TwilioFault badRequest(int code, String message) {
    return new TwilioFault(400, code, message);
  }
}
