/** The errors of the wire: Oracle's codes with their statuses, one error class for both sides (contract, section 6). */
import * as z from "zod/mini";

/** Code to HTTP status, as Oracle documents them; the emulator throws by code, so a pair cannot be wrong. */
export const errorStatuses = {
  InvalidParameter: 400,
  MissingParameter: 400,
  CannotParseRequest: 400,
  LimitExceeded: 400,
  QuotaExceeded: 400,
  RelatedResourceNotAuthorizedOrNotFound: 400,
  UnmatchedContentMD5: 400,
  InvalidContentMD5: 400,
  NotAuthenticated: 401,
  NotAllowed: 403,
  NotAuthorized: 403,
  NotAuthorizedOrNotFound: 404,
  NotFound: 404,
  NamespaceNotFound: 404,
  BucketNotFound: 404,
  ObjectNotFound: 404,
  MethodNotAllowed: 405,
  IncorrectState: 409,
  Conflict: 409,
  InvalidatedRetryToken: 409,
  NotAuthorizedOrResourceAlreadyExists: 409,
  NoEtagMatch: 412,
  IfMatchFailed: 412,
  IfNoneMatchFailed: 412,
  PayloadTooLarge: 413,
  RequestEntityTooLarge: 413,
  UnprocessableEntity: 422,
  TooManyRequests: 429,
  RequestHeaderFieldsTooLarge: 431,
  InternalServerError: 500,
  MethodNotImplemented: 501,
  ServiceUnavailable: 503,
} as const satisfies Record<string, number>;
export type ErrorCode = keyof typeof errorStatuses;

/** The body of every refusal: `{"code": "...", "message": "..."}`. */
export const ErrorBody = z.object({ code: z.string(), message: z.string() });
export type ErrorBody = z.output<typeof ErrorBody>;

/** An error as the service says it. `code` is open: the service may have codes we do not know. */
export class OciError extends Error {
  override readonly name = "OciError";
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(details: {
    status: number;
    code: string;
    message: string;
    requestId?: string;
    retryAfterSeconds?: number;
  }) {
    super(details.message);
    this.status = details.status;
    this.code = details.code;
    this.requestId = details.requestId;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** Makes an OciError from a known code; the status follows from the code. */
export function ociError(
  code: ErrorCode,
  message: string,
  extra: { requestId?: string; retryAfterSeconds?: number } = {},
): OciError {
  return new OciError({ status: errorStatuses[code], code, message, ...extra });
}
