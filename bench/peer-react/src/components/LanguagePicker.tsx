import { use } from 'react';

import { LocaleContext, type Language } from '../strings';

export function LanguagePicker() {
  const { locale, choose } = use(LocaleContext)!;
  return (
    <label className="field">
      <span>{locale.strings.language}</span>
      <select name="language" value={locale.language} onChange={(event) => choose(event.target.value as Language)}>
        <option value="es">Español</option>
        <option value="en">English</option>
      </select>
    </label>
  );
}
