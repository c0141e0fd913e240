import { Link } from 'react-router';

import { useLocale } from '../strings';

export function Component() {
  const { strings } = useLocale();
  return (
    <div className="empty">
      <h1>{strings.notFound}</h1>
      <Link to="/" className="button">
        {strings.toTheOverview}
      </Link>
    </div>
  );
}
