"use client";

import { Monitor, Moon, Sun, SunMoon } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "#components/ui/button.tsx";
import { Menu } from "#components/ui/menu.tsx";
import { setTheme, type Theme, themes, useTheme } from "./theme.ts";

const looks: Record<Theme, { label: string; icon: ReactNode }> = {
  system: { label: "As the system", icon: <Monitor /> },
  light: { label: "Light", icon: <Sun /> },
  dark: { label: "Dark", icon: <Moon /> },
};

/** Light, dark, or as the system. */
export function ThemeMenu() {
  const current = useTheme();
  return (
    <Menu
      label="Theme"
      align="end"
      trigger={<IconButton label="Theme" icon={<SunMoon />} tooltipSide="bottom" />}
      entries={themes.map((theme) => ({
        kind: "choice" as const,
        label: looks[theme].label,
        icon: looks[theme].icon,
        checked: theme === current,
        onSelect: () => setTheme(theme),
      }))}
    />
  );
}
