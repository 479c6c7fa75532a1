/**
 * The venue's refusal of a request. Thrown anywhere inside an operation and caught at one place, where the request was read: it
 * is that request's answer.
 */
export class VenueRefusal extends Error {
  override readonly name = 'VenueRefusal';
  readonly code: number;
  readonly status: number;
  readonly data: unknown;

  constructor(code: number, message: string, status = 400, data?: unknown) {
    super(message);
    this.code = code;
    this.status = status;
    this.data = data;
  }

  /** The body the venue sends. */
  body(): { code: number; msg: string; data?: unknown } {
    const body = { code: this.code, msg: this.message };
    return this.data === undefined ? body : { ...body, data: this.data };
  }
}

/** A mandatory parameter is missing or malformed. */
export function missing(name: string): VenueRefusal {
  return new VenueRefusal(
    -1102,
    `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`,
  );
}

/** An order breaks one of the symbol's filters. */
export function filterFailure(filter: string): VenueRefusal {
  return new VenueRefusal(-1013, `Filter failure: ${filter}`);
}

/** The matching engine says no. */
export function engineReject(message: string): VenueRefusal {
  return new VenueRefusal(-2010, message);
}
