"""Internal decisions 安心屋: who in an organisation decides on a deal, step by step, with the papers it rests on."""
