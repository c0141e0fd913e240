import { NavLink } from 'react-router';

import { signOut } from '../api/session';
import { useLocale } from '../strings';
import { ConnectionStatus } from './ConnectionStatus';
import { Icon, Mark } from './Icon';
import { LanguagePicker } from './LanguagePicker';

const SECTIONS = [
  ['/', 'overview', 'overview'],
  ['/food', 'food', 'food'],
  ['/exercise', 'exercise', 'exercise'],
  ['/metrics', 'metrics', 'metric'],
] as const;

export function Header() {
  const { strings } = useLocale();
  return (
    <>
      <a className="skip" href="#content">
        {strings.skipToContent}
      </a>
      <header className="header">
        <NavLink to="/" className="brand">
          <Mark />
          Latido
        </NavLink>
        <nav className="nav" aria-label={strings.navigation}>
          {SECTIONS.map(([path, icon, name]) => (
            <NavLink key={path} to={path} end>
              <Icon name={icon} />
              <span>{strings[name]}</span>
            </NavLink>
          ))}
        </nav>
        <div className="header-end">
          <ConnectionStatus />
          <details className="menu" name="header">
            <summary className="icon-button" aria-label={strings.settings} title={strings.settings}>
              <Icon name="settings" />
            </summary>
            <div className="menu-panel">
              <LanguagePicker />
              <button type="button" className="button" data-testid="sign-out" onClick={() => void signOut()}>
                {strings.signOut}
              </button>
            </div>
          </details>
        </div>
      </header>
    </>
  );
}
