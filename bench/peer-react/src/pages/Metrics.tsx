import { DayPage } from './DayPage';

export function Component() {
  return <DayPage key="metric" family="metric" />;
}
