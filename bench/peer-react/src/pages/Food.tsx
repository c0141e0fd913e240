import { DayPage } from './DayPage';

export function Component() {
  return <DayPage key="food" family="food" />;
}
