interface ProgressBarProps {
  /** What is going on: "Uploading". */
  label: string;
  value: number;
  max: number;
}

/** How far long work is. Draws the browser's own element in our colours; numbers go beside it. */
export function ProgressBar({ label, value, max }: ProgressBarProps) {
  return (
    <progress
      aria-label={label}
      max={Math.max(1, max)}
      value={value}
      className="block h-2 w-full appearance-none overflow-hidden rounded-full bg-press [&::-moz-progress-bar]:bg-accent-fill [&::-webkit-progress-bar]:bg-press [&::-webkit-progress-value]:bg-accent-fill"
    />
  );
}
