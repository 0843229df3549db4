namespace SpeedData.Core.Decimate.Numbers;

/// <summary>
/// The exact sum of any finite doubles: one fixed-point number as wide as their range, in chunks of 32 bits with 31 more bits for
/// carries (R. M. Neal, "Fast exact summation using small and large superaccumulators", arXiv:1505.05571, 2015). Allows 2^31
/// additions. Zeroed memory is an empty sum.
/// </summary>
internal unsafe struct ExactSum
{
    // Doubles are multiples of 2^-1074 below 2^1024: 2,098 bits. Summing 2^31 of them needs 32 bits more.
    private const int Chunks = 68, ChunkBits = 32, UnitExponent = -1074, MantissaBits = 53;
    private const long ChunkMask = 0xFFFF_FFFF;

    private fixed long _chunks[Chunks];
    private int _begin;
    private int _end;

    /// <param name="value">A finite value.</param>
    public void Add(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int position = (int)(bits >> 52) & 0x7FF;
        ulong mantissa = (ulong)bits & 0xF_FFFF_FFFF_FFFF;
        if (position > 0)
        {
            mantissa |= 1UL << 52;
            position--;
        }

        if (mantissa == 0)
            return;
        int chunk = position / ChunkBits, shift = position % ChunkBits;
        ulong low = mantissa << shift, high = shift == 0 ? 0 : mantissa >> (64 - shift);
        long sign = bits >> 63;
        _chunks[chunk] += ((long)(low & ChunkMask) ^ sign) - sign;
        _chunks[chunk + 1] += ((long)(low >> ChunkBits) ^ sign) - sign;
        _chunks[chunk + 2] += ((long)high ^ sign) - sign;
        _begin = _end == 0 ? chunk : Math.Min(_begin, chunk);
        _end = Math.Max(_end, chunk + 3);
    }

    /// <summary>Returns the sum divided by n, rounded once, half to even.</summary>
    /// <param name="n">From 1 to 2^31 - 1.</param>
    public readonly double Mean(int n)
    {
        uint* digits = stackalloc uint[Chunks];
        bool negative = Digits(digits, out int begin, out int end);
        UInt128 quotient = 0;
        ulong remainder = 0;
        int at = end;
        // From the highest digit down to one below the unit, or until there are enough digits for 53 bits and the rounding.
        while (at >= 0 && quotient <= ulong.MaxValue)
        {
            at--;
            ulong part = (remainder << ChunkBits) | (at < begin ? 0 : digits[at]);
            quotient = (quotient << ChunkBits) | (part / (uint)n);
            remainder = part % (uint)n;
        }

        bool more = remainder != 0;
        for (int i = begin; i < at && !more; i++)
            more = digits[i] != 0;
        double mean = Round(quotient, more, at * ChunkBits);
        return negative ? -mean : mean;
    }

    public void Clear()
    {
        for (int i = _begin; i < _end; i++)
            _chunks[i] = 0;
        _begin = _end = 0;
    }

    /// <summary>Computes the magnitude without carries, as digits from begin to end.</summary>
    private readonly bool Digits(uint* digits, out int begin, out int end)
    {
        begin = _begin;
        end = _begin;
        long carry = 0;
        for (; end < _end || carry is not (0 or -1); end++)
        {
            carry += _chunks[end];
            digits[end] = (uint)carry;
            carry >>= ChunkBits;
        }

        if (carry == 0)
            return false;
        // Negates the digits as two's complement: inverts them and adds one.
        ulong borrow = 1;
        for (int i = begin; i < end; i++)
        {
            borrow += ~digits[i];
            digits[i] = (uint)borrow;
            borrow >>= ChunkBits;
        }

        return true;
    }

    /// <param name="value">At most 96 bits.</param>
    /// <param name="more">Whether a rest smaller than the last bit was left out.</param>
    /// <param name="position">The position of the last bit, counted from the unit.</param>
    private static double Round(UInt128 value, bool more, int position)
    {
        int top = position + 127 - (int)UInt128.LeadingZeroCount(value);
        int last = Math.Max(0, top - (MantissaBits - 1)), drop = last - position;
        ulong kept = (ulong)(value >> drop);
        bool half = ((value >> (drop - 1)) & 1) == 1;
        bool beyond = more || (value & ((UInt128.One << (drop - 1)) - 1)) != 0;
        if (half && (beyond || (kept & 1) == 1))
            kept++;
        return Math.ScaleB(kept, last + UnitExponent);
    }
}
