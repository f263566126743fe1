const storage = 'loopwright.single-keys';

/** Whether single letters are shortcuts. Who speaks to the computer switches them off. */
export function singleKeysAreOn(): boolean {
  return localStorage.getItem(storage) !== 'off';
}

export function switchSingleKeys(isOn: boolean): void {
  if (isOn) localStorage.removeItem(storage);
  else localStorage.setItem(storage, 'off');
}
