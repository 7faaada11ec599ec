/** A setting that cannot be used. The message never carries a secret's value. */
export class SettingError extends Error {
  override readonly name = "SettingError";
  readonly setting: string;
  readonly hint: string;

  constructor(setting: string, message: string, hint: string) {
    super(`${setting} ${message}`);
    this.setting = setting;
    this.hint = hint;
  }
}
