"use client";

import type { Route } from "next";
import Link from "next/link";
import { type ButtonHTMLAttributes, type MouseEvent, type ReactNode, type Ref, useId } from "react";
import { cn } from "./cn.ts";
import { Spinner } from "./spinner.tsx";
import { Tooltip } from "./tooltip.tsx";

export type ButtonVariant = "primary" | "secondary" | "ghost" | "danger" | "danger-quiet";
export type ButtonSize = "sm" | "md" | "lg";

const base =
  "relative inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap select-none transition-colors touch-target";

const variants: Record<ButtonVariant, string> = {
  primary: "bg-accent-fill text-accent-ink shadow-button hover:bg-accent-fill-hover",
  secondary: "border border-line-strong bg-surface text-ink shadow-low hover:bg-hover active:bg-press",
  ghost: "text-muted hover:bg-hover hover:text-ink active:bg-press",
  danger: "bg-danger-fill text-danger-ink shadow-button hover:bg-danger-fill-hover",
  "danger-quiet":
    "border border-line-strong bg-surface text-danger shadow-low hover:border-danger-line hover:bg-danger-soft",
};

const sizes: Record<ButtonSize, string> = {
  sm: "h-7 px-2 text-xs",
  md: "h-8 px-3 text-sm",
  lg: "h-10 px-4 text-base",
};

const iconSizes: Record<ButtonSize, string> = { sm: "size-7", md: "size-8", lg: "size-10" };

/** What an action that may not be taken looks like: same place, same words, no invitation. */
const refused =
  "aria-disabled:border aria-disabled:border-line aria-disabled:bg-sunken aria-disabled:text-faint aria-disabled:shadow-none aria-disabled:hover:border-line aria-disabled:hover:bg-sunken aria-disabled:hover:text-faint aria-disabled:cursor-not-allowed";

/** The look of a button, for elements that are something else (a file label, a menu trigger). */
export function buttonClass(variant: ButtonVariant = "secondary", size: ButtonSize = "md"): string {
  return cn(
    base,
    variants[variant],
    sizes[size],
    size === "sm" ? "[&_svg]:size-3.5" : "[&_svg]:size-4",
    "[&_svg]:shrink-0",
  );
}

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "disabled"> {
  variant?: ButtonVariant;
  size?: ButtonSize;
  /** A lucide icon element; sized here. */
  icon?: ReactNode;
  iconEnd?: ReactNode;
  /** Work is going on: the label stays for screen readers, a spinner covers it, the width does not change, presses do nothing. */
  loading?: boolean;
  /** Why the action may not be taken now and who can. The button stays focusable and says so; presses do nothing. */
  disabledReason?: ReactNode;
  /** Not possible yet and obvious why (an empty form). Prefer `disabledReason`. */
  disabled?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

/** A button: verb + noun. At most one `primary` on a screen; `danger` only where something is lost. */
export function Button({
  variant = "secondary",
  size = "md",
  icon,
  iconEnd,
  loading = false,
  disabledReason,
  disabled = false,
  className,
  children,
  onClick,
  type = "button",
  ...rest
}: ButtonProps) {
  const reasonId = useId();
  const isRefused = disabled || Boolean(disabledReason);

  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (isRefused || loading) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    onClick?.(event);
  };

  const button = (
    <button
      {...rest}
      type={type}
      onClick={press}
      aria-disabled={isRefused || loading || undefined}
      aria-busy={loading || undefined}
      aria-describedby={cn(rest["aria-describedby"], disabledReason && reasonId) || undefined}
      className={cn(base, variants[variant], sizes[size], isRefused && refused, className)}
    >
      <span
        className={cn(
          "inline-flex items-center gap-1.5 [&_svg]:size-4 [&_svg]:shrink-0",
          size === "sm" && "[&_svg]:size-3.5",
          loading && "opacity-0",
        )}
      >
        {icon}
        {children}
        {iconEnd}
      </span>
      {loading ? <Spinner className="absolute" /> : null}
    </button>
  );

  if (!disabledReason) return button;
  return (
    <>
      <Tooltip text={disabledReason} says="name">
        {button}
      </Tooltip>
      <span id={reasonId} className="sr-only">
        {disabledReason}
      </span>
    </>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, "children" | "icon" | "iconEnd"> {
  /** The name of the action; also shown as a tooltip. */
  label: string;
  icon: ReactNode;
  tooltipSide?: "top" | "bottom" | "right";
}

/** A button that is only an icon. Its name is announced and shown on hover and focus. */
export function IconButton({
  label,
  icon,
  variant = "ghost",
  size = "md",
  loading = false,
  disabledReason,
  disabled = false,
  tooltipSide = "top",
  className,
  onClick,
  type = "button",
  ...rest
}: IconButtonProps) {
  const reasonId = useId();
  const isRefused = disabled || Boolean(disabledReason);

  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (isRefused || loading) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    onClick?.(event);
  };

  return (
    <>
      <Tooltip text={disabledReason ?? label} side={tooltipSide} says="name">
        <button
          {...rest}
          type={type}
          aria-label={label}
          onClick={press}
          aria-disabled={isRefused || loading || undefined}
          aria-busy={loading || undefined}
          aria-describedby={cn(rest["aria-describedby"], disabledReason && reasonId) || undefined}
          className={cn(
            base,
            variants[variant],
            iconSizes[size],
            size === "sm" ? "[&_svg]:size-3.5" : "[&_svg]:size-4",
            isRefused && refused,
            variant === "ghost" && isRefused && "border-transparent bg-transparent",
            className,
          )}
        >
          {loading ? <Spinner /> : icon}
        </button>
      </Tooltip>
      {disabledReason ? (
        <span id={reasonId} className="sr-only">
          {disabledReason}
        </span>
      ) : null}
    </>
  );
}

export interface ButtonLinkProps {
  href: string;
  variant?: ButtonVariant;
  size?: ButtonSize;
  icon?: ReactNode;
  iconEnd?: ReactNode;
  className?: string;
  children: ReactNode;
  /** Start loading the page when the link comes into view. */
  prefetch?: boolean;
}

/** A link that looks like a button: it goes somewhere, it does nothing. */
export function ButtonLink({
  href,
  variant = "secondary",
  size = "md",
  icon,
  iconEnd,
  className,
  children,
  prefetch,
}: ButtonLinkProps) {
  return (
    <Link
      href={href as Route}
      {...(prefetch === undefined ? {} : { prefetch })}
      className={cn(base, variants[variant], sizes[size], "[&_svg]:size-4 [&_svg]:shrink-0", className)}
    >
      {icon}
      {children}
      {iconEnd}
    </Link>
  );
}

export interface TextLinkProps {
  href: string;
  className?: string;
  children: ReactNode;
  /** Another site: opens in a new tab and says so. */
  external?: boolean;
  /** `quiet` is underlined only on hover: for tables, where every row is a link. Its page is not fetched ahead. */
  quiet?: boolean;
}

/** A link in text. */
export function TextLink({ href, className, children, external = false, quiet = false }: TextLinkProps) {
  const look = cn(
    "rounded-xs text-accent underline-offset-2",
    quiet ? "hover:underline" : "underline decoration-accent-line hover:decoration-current",
    className,
  );
  if (external) {
    return (
      <a href={href} target="_blank" rel="noreferrer" className={look}>
        {children}
        <span className="sr-only"> (opens in a new tab)</span>
      </a>
    );
  }
  return (
    <Link href={href as Route} {...(quiet ? { prefetch: false } : {})} className={look}>
      {children}
    </Link>
  );
}
