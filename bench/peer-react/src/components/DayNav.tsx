import { localInput, plusDays, startOfToday } from '../day';
import { useLocale, type Locale } from '../strings';
import { Icon } from './Icon';

interface Props {
  day: number;
  onChange: (day: number) => void;
}

export function DayNav({ day, onChange }: Props) {
  const locale = useLocale();
  const { strings } = locale;
  const today = startOfToday();
  const pick = (text: string) => {
    const picked = Date.parse(`${text}T00:00`);
    if (!Number.isNaN(picked)) onChange(Math.min(picked, today));
  };
  return (
    <div className="day-nav">
      <button type="button" className="icon-button" aria-label={strings.previousDay} onClick={() => onChange(plusDays(day, -1))}>
        <Icon name="back" />
      </button>
      <label className="day-name">
        <span aria-live="polite">{nameOf(day, today, locale)}</span>
        <input
          type="date"
          aria-label={strings.day}
          max={localInput(today).slice(0, 10)}
          value={localInput(day).slice(0, 10)}
          onChange={(event) => pick(event.target.value)}
        />
      </label>
      <button
        type="button"
        className="icon-button"
        aria-label={strings.nextDay}
        disabled={day >= today}
        onClick={() => onChange(plusDays(day, 1))}
      >
        <Icon name="forward" />
      </button>
    </div>
  );
}

function nameOf(day: number, today: number, { strings, day: format }: Locale): string {
  if (day === today) return strings.today;
  if (day === plusDays(today, -1)) return strings.yesterday;
  return format(day);
}
