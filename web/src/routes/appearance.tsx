import { useState } from 'react';
import { chooseTimeZone, chosenTimeZone } from '../format/time.ts';
import { singleKeysAreOn, switchSingleKeys } from '../keyboard/single-keys.ts';
import { TimeZoneField } from '../settings/appearance/time-zone-field.tsx';
import { SettingsPage, SettingsSection } from '../settings/settings-page.tsx';
import { chooseTheme, useTheme } from '../theme/theme.ts';
import { RadioGroup } from '../ui/radio-group.tsx';
import { Switch } from '../ui/switch.tsx';
import { chooseDensity, useDensity } from '../ui/use-density.ts';

const themes = [
  { value: 'system', name: 'As the system' },
  { value: 'light', name: 'Light' },
  { value: 'dark', name: 'Dark' },
] as const;

const densities = [
  { value: 'comfortable', name: 'Comfortable' },
  { value: 'compact', name: 'Compact', hint: 'more rows on a screen' },
] as const;

/** How the UI looks and is handled. */
export function AppearancePage() {
  const { theme } = useTheme();
  const density = useDensity();
  const [hasKeys, setKeys] = useState(singleKeysAreOn);
  const [zone, setZone] = useState(chosenTimeZone);
  return (
    <SettingsPage
      title="Appearance"
      about="How the pages look to you. The theme follows you to other browsers, the rest is for this one."
    >
      <div className="grid gap-6 sm:grid-cols-2">
        <RadioGroup label="Theme" value={theme} onChange={chooseTheme} options={themes} />
        <RadioGroup label="Density" value={density} onChange={chooseDensity} options={densities} />
      </div>
      <TimeZoneField
        zone={zone}
        onChange={(next) => {
          chooseTimeZone(next);
          setZone(next);
        }}
      />
      <SettingsSection title="Keyboard">
        <Switch
          checked={hasKeys}
          onChange={(isOn) => {
            switchSingleKeys(isOn);
            setKeys(isOn);
          }}
        >
          Single letters are shortcuts
        </Switch>
        <p className="text-fg-3">Switch them off if you speak to your computer.</p>
      </SettingsSection>
    </SettingsPage>
  );
}
