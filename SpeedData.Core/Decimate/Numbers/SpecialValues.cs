namespace SpeedData.Core.Decimate.Numbers;

/// <summary>The special values (NaN, infinities) of a field in a window. Zeroed memory means none.</summary>
internal struct SpecialValues
{
    /// <summary>The number of NaNs, which are left out.</summary>
    public int Skipped;

    /// <summary>Whether a part of the sum is in an <see cref="ExactSum"/>.</summary>
    public bool IsExact;

    private bool _positive;
    private bool _negative;

    /// <summary>Whether there was any special value or exact sum.</summary>
    public readonly bool Is => Skipped > 0 || IsExact || _positive || _negative;

    /// <summary>The sum of the infinities: one of them, NaN for both, 0 for none.</summary>
    public readonly double Infinities => (_positive, _negative) switch
    {
        (false, false) => 0,
        (true, false) => double.PositiveInfinity,
        (false, true) => double.NegativeInfinity,
        _ => double.NaN,
    };

    /// <param name="value">NaN or an infinity.</param>
    public void Note(double value)
    {
        if (double.IsNaN(value))
            Skipped++;
        else if (value > 0)
            _positive = true;
        else
            _negative = true;
    }
}
