"""Lost, copied, back: a stolen computer, two that are one, a backup brought back."""
