import { useLocale } from '../strings';

/** The shape of rows to come, so that nothing jumps when they do. */
export function Skeleton() {
  return (
    <div className="skeleton" role="status">
      <span className="sr-only">{useLocale().strings.loading}</span>
      <div />
      <div />
      <div />
    </div>
  );
}
