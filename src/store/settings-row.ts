/** What people set, at one time, by one person, for one reason. Never changed once it is stored. */
export interface SettingsRow {
  /** SettingsDocument as JSON text; whole TradingSettings in versions from before there were layers. */
  readonly settingsJson: string;
  readonly author: string;
  readonly reason: string;
  readonly createdMs: number;
}

/** A stored version. */
export interface SettingsVersionRow extends SettingsRow {
  readonly version: number;
}
