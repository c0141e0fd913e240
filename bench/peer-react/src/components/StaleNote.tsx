import { useLocale } from '../strings';

/** Says that what is shown may be old, and that it is being tried again. */
export function StaleNote({ onRetry }: { onRetry: () => void }) {
  const { strings } = useLocale();
  return (
    <p className="note warn" role="status">
      <span>{strings.stale}</span>
      <button type="button" className="button small" onClick={onRetry}>
        {strings.tryAgain}
      </button>
    </p>
  );
}
