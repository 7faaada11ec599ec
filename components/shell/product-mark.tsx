/** The product's sign: a dial with a keyhole. */
export function ProductMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" fill="none" aria-hidden="true" className={className}>
      <rect x="1.5" y="1.5" width="21" height="21" rx="6" className="fill-accent-fill" />
      <g className="stroke-accent-ink" strokeWidth="1.6" strokeLinecap="round">
        <circle cx="12" cy="12" r="5.6" />
        <path d="M12 4.2v2.2M12 17.6v2.2M4.2 12h2.2M17.6 12h2.2" />
      </g>
      <path
        d="M12 9.6a1.7 1.7 0 0 1 .85 3.17l.35 1.63h-2.4l.35-1.63A1.7 1.7 0 0 1 12 9.6Z"
        className="fill-accent-ink"
      />
    </svg>
  );
}
