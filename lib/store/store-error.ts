/** A store that cannot be used: what, and in `hint` what to do. Never carries a password. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}
