/** A day as its reader lives it: from midnight to midnight on the browser's clock. */

export function startOfToday(): number {
  return new Date().setHours(0, 0, 0, 0);
}

export function plusDays(day: number, days: number): number {
  const date = new Date(day);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}

/** From and to, half-open, as the API takes them. */
export function rangeOf(day: number): [string, string] {
  return [new Date(day).toISOString(), new Date(plusDays(day, 1)).toISOString()];
}

/** `2026-11-21T08:15`, what a datetime-local input holds. */
export function localInput(instant: number): string {
  const date = new Date(instant);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
