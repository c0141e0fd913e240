import { DayPage } from './DayPage';

export function Component() {
  return <DayPage key="exercise" family="exercise" />;
}
