namespace SpeedData.Core.Schema;

/// <summary>Records the path of a walk. After a fault the walk does not leave its steps, so the path to the fault remains.</summary>
internal interface IWalkTrace
{
    /// <summary>True: the walk stops at every field, so that each can be named. False: it passes merged fields in one step.</summary>
    static abstract bool FieldByField { get; }

    void Enter(ref readonly Step field);

    void EnterItem(int index, ref readonly Step item);

    /// <summary>Called when a union has chosen its branch.</summary>
    void AtBranch(ref readonly Step branch);

    void AtKey();

    void AtValueOf(ReadOnlySpan<byte> key, ref readonly Step value);

    void Leave();
}

/// <summary>The trace of the hot path, which records nothing.</summary>
internal readonly struct NoTrace : IWalkTrace
{
    public static bool FieldByField => false;

    public void Enter(ref readonly Step field)
    {
    }

    public void EnterItem(int index, ref readonly Step item)
    {
    }

    public void AtBranch(ref readonly Step branch)
    {
    }

    public void AtKey()
    {
    }

    public void AtValueOf(ReadOnlySpan<byte> key, ref readonly Step value)
    {
    }

    public void Leave()
    {
    }
}
